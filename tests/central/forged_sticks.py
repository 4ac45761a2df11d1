"""Some seventy bundles that are wrong in one thing each, and what must be said of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import msgspec
import pyrage
import zstandard

from app.central.handover import Handled, Sticks
from app.central.keys import sealing_identity
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import MESSAGE, DeviceKey, SigningKey, sign
from app.seal.sealing import Identity, identity_of, recipient_of
from app.store import place, roster, snapshots
from app.sync import enrolment, messages
from app.sync.enrolment import Applicant
from app.sync.messages import Envelope, SyncRequest
from app.sync.parts import Part
from tests.central.conftest import TRAINING
from tests.central.hostile_sticks import Inside, chunks, sealed_bytes, with_stanzas
from tests.central.laptops import House, Laptop
from tests.central.sticks import Stick

ARMOURED = b"-----BEGIN AGE ENCRYPTED FILE-----\n"


@dataclass
class Scene:
    """A centre, two of its laptops and one elsewhere; a request on its way, and an answer."""

    served: House
    stick: Stick
    sender: Laptop
    colleague: Laptop
    far: Laptop
    request: bytes
    answer: bytes
    small: bytes  # a request without its photo

    @cached_property
    def opener(self) -> Identity:
        """Who at the centre opens sticks, and may be an insider."""
        return sealing_identity(self.served.keys)

    @property
    def inside(self) -> Inside:
        """The request as an insider at the centre sees it."""
        return Inside.of(self.request, self.opener)

    @property
    def told(self) -> Inside:
        """The answer as its laptop's owner sees it."""
        return Inside.of(self.answer, identity_of(self.sender.device.key))

    @property
    def key(self) -> SigningKey:
        """The sender's own: a thief of the laptop holds it."""
        return self.sender.device.key

    def to_centre(self, inside: Inside) -> bytes:
        """Sealed again to the centre."""
        return inside.sealed(self.opener.recipient)

    def to_laptop(self, inside: Inside) -> bytes:
        """Sealed again to the laptop."""
        return inside.sealed(recipient_of(self.key.public))

    def by_centre(self, inside: Inside, **other: object) -> bytes:
        """What only the centre's own key could say, wrongly."""
        return self.to_laptop(inside.signed(self.served.keys.register, **other))

    @cached_property
    def desk(self) -> Sticks:
        """Where sticks are handed in."""
        return Sticks(self.served.centre, self.served.keys, self.opener, self.served.clock())

    def hand_in(self, content: bytes) -> Handled:
        """At the centre."""
        return self.desk.handle(
            self.stick.child, self.file(content), self.stick.folder / "answers", Progress()
        )

    def plug_in(self, content: bytes) -> None:
        """On the laptop."""
        self.stick.take(self.sender, self.file(content))

    def file(self, content: bytes) -> Path:
        """As it lies on the stick."""
        found = self.stick.folder / "x.bangiao"
        found.write_bytes(content)
        return found

    def state(self) -> tuple[object, ...]:
        """All that may not change, at both ends."""
        with self.served.centre.read() as connection:
            book = snapshots.stand(connection, TRAINING)
            devices = roster.devices(connection, TRAINING)
        with self.sender.vault.read() as connection:
            here = place.here(connection)
        return book, sorted(devices), here, self.sender.cells()


def _scrypt(scene: Scene) -> bytes:
    _, _, rest = scene.request.partition(b"\n--- ")
    return b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 30\n" + b"B" * 43 + b"\n--- " + rest


def _armoured(scene: Scene) -> bytes:
    recipient = pyrage.x25519.Recipient.from_str(scene.opener.recipient.address)
    sealed: bytes = pyrage.encrypt(scene.inside.plain(), [recipient], armored=True)
    assert sealed.startswith(ARMOURED)
    return sealed


def _stanzas(count: int, scene: Scene) -> bytes:
    one = b"-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n"
    return with_stanzas(scene.request, one * count)


def _mac(scene: Scene) -> bytes:
    at = scene.request.index(b"\n--- ") + 5
    return (
        scene.request[:at] + (b"A" if scene.request[at : at + 1] != b"A" else b"B") + scene.request[at + 1 :]
    )


def _cut_at_edge(no: int, scene: Scene) -> bytes:
    head, pieces = chunks(scene.request)
    return head + b"".join(pieces[:no])


def _shuffled(scene: Scene) -> bytes:
    head, pieces = chunks(scene.request)
    return head + b"".join([pieces[1], pieces[0], *pieces[2:]])


def _twice(scene: Scene) -> bytes:
    head, pieces = chunks(scene.request)
    return head + b"".join([pieces[0], *pieces])


def _body(change: Callable[[bytes], bytes], scene: Scene) -> bytes:
    inside = scene.inside
    return scene.to_centre(inside.said(scene.key, change(inside.statement[96:])))


def _unsigned(scene: Scene) -> bytes:
    found = scene.inside
    found.statement = found.statement[:32] + bytes(64) + found.statement[96:]
    return scene.to_centre(found)


def _low_order(scene: Scene) -> bytes:
    found = scene.inside
    found.statement = bytes(32) + found.statement[32:]
    return scene.to_centre(found)


def _swapped(scene: Scene) -> bytes:
    found = scene.inside
    return scene.to_centre(Inside(found.statement, b"", scene.told.parts))


def _with_parts(change: Callable[[list[tuple[int, bytes]]], list[tuple[int, bytes]]], scene: Scene) -> bytes:
    found = scene.inside
    return scene.to_centre(found.carrying(scene.key, change(found.parts)))


def _plain(change: Callable[[bytes], bytes], scene: Scene) -> bytes:
    return sealed_bytes(change(scene.inside.plain()), scene.opener.recipient)


def _enveloped(scene: Scene, payload: bytes, key: SigningKey | None = None) -> bytes:
    signature = sign(key or scene.key, MESSAGE, messages.claim(payload))
    return msgspec.msgpack.encode(Envelope(scene.inside.manifest["from"], payload, signature))


def _bomb(scene: Scene) -> bytes:
    payload = zstandard.compress(bytes(60 << 20), 19)
    return _with_parts(lambda _: [(Part.REQUEST, _enveloped(scene, payload))], scene)


def _nested(scene: Scene) -> bytes:
    return sealed_bytes(scene.request, scene.opener.recipient)


def _of_another(scene: Scene) -> bytes:
    """A laptop's message in a bundle that another laptop signed."""
    theirs = scene.inside.parts
    mine = scene.inside.carrying(scene.colleague.device.key, theirs)
    sender = f"{TRAINING}/{scene.colleague.device.id}"
    return scene.to_centre(mine.signed(scene.colleague.device.key, **{"from": sender}))


def _about_elsewhere(scene: Scene) -> bytes:
    request = SyncRequest(1, "T0002", scene.sender.device.id, 9, 0, bytes(32), 0)
    sender = f"{TRAINING}/{scene.sender.device.id}"
    carried = messages.write(request, sender, partial(sign, scene.key, MESSAGE))
    return _with_parts(lambda _: [(Part.REQUEST, carried)], scene)


def _stranger(scene: Scene) -> bytes:
    return scene.to_centre(scene.inside.signed(SigningKey.generate()))


def _application(scene: Scene, code: EnrolmentCode, device: DeviceKey, sender: str) -> bytes:
    applied = enrolment.apply(code, Applicant(device, "máy", [scene.sender.officer]))
    made = scene.inside.carrying(device.key, [(Part.APPLICATION, applied)])
    return scene.to_centre(made.signed(device.key, **{"from": f"{TRAINING}/{sender}"}))


def _false_code(scene: Scene) -> bytes:
    code = EnrolmentCode.issue("https://an-sinh.example.vn", TRAINING, scene.served.keys.root_fingerprint)
    return _application(scene, code, DeviceKey("mX1", SigningKey.generate()), "mX1")


def _empty_application(commune: str, scene: Scene) -> bytes:
    device = DeviceKey("mX4", SigningKey.generate())
    made = scene.inside.carrying(device.key, [(Part.APPLICATION, b"")])
    return scene.to_centre(made.signed(device.key, **{"from": f"{commune}/{device.id}"}))


def _enrols_as_another(scene: Scene) -> bytes:
    return _application(scene, scene.served.invite(), DeviceKey("mX2", SigningKey.generate()), "mX3")


def _takes_a_name(scene: Scene) -> bytes:
    device = DeviceKey(scene.sender.device.id, SigningKey.generate())
    return _application(scene, scene.served.invite(), device, device.id)


AT_THE_CENTRE: dict[str, tuple[str, Callable[[Scene], bytes]]] = {
    "empty": ("bundle.size", lambda _: b""),
    "any bytes": ("bundle.header", lambda _: random.Random(1).randbytes(3_000)),
    "a workbook": ("bundle.header", lambda _: b"PK\x03\x04" + bytes(2_000)),
    "armour": ("bundle.header", _armoured),
    "a password stanza": ("bundle.header", _scrypt),
    "ten thousand stanzas": ("bundle.header", partial(_stanzas, 10_000)),
    "twenty-one stanzas": ("bundle.header", partial(_stanzas, 20)),
    "a stanza of ssh": (
        "bundle.header",
        lambda s: with_stanzas(s.request, b"-> ssh-ed25519 AAAA BBBB\nCC\n"),
    ),
    "a long noise": (
        "bundle.header",
        lambda s: with_stanzas(s.request, b"-> a-grease\n" + b"A" * 9_000 + b"\n"),
    ),
    "version 2 of age": ("bundle.header", lambda s: s.request.replace(b"org/v1", b"org/v2", 1)),
    "a stanza more": ("bundle.not_for_us", partial(_stanzas, 1)),
    "another checksum of the header": ("bundle.not_for_us", _mac),
    "sealed to somebody else": (
        "bundle.not_for_us",
        lambda s: s.inside.sealed(Identity.generate().recipient),
    ),
    "cut in the header": ("bundle.header", lambda s: s.request[:90]),
    "cut after the header": ("bundle.altered", partial(_cut_at_edge, 0)),
    "cut at 64 KiB": ("bundle.altered", partial(_cut_at_edge, 1)),
    "cut at 128 KiB": ("bundle.altered", partial(_cut_at_edge, 2)),
    "cut by a byte": ("bundle.altered", lambda s: s.request[:-1]),
    "pieces in another order": ("bundle.altered", _shuffled),
    "a piece twice": ("bundle.altered", _twice),
    "something at the end": ("bundle.altered", lambda s: s.request + b"x"),
    "a bit of the content": ("bundle.altered", lambda s: s.request[:-70] + b"?" + s.request[-69:]),
    "sealed twice": ("bundle.form", _nested),
    "no manifest": ("bundle.form", partial(_plain, lambda _: b"")),
    "a manifest of a megabyte": (
        "bundle.form",
        partial(_plain, lambda p: (1 << 20).to_bytes(4, "big") + p[4:]),
    ),
    "a part that does not end": ("bundle.form", partial(_plain, lambda p: p[:-1])),
    "a part without bounds": ("bundle.form", partial(_plain, lambda p: p + b"\x02\xff\xff\xff\xff")),
    "a key twice": (
        "bundle.form",
        partial(_body, lambda b: b.replace(b'"errand"', b'"digest":"","errand"', 1)),
    ),
    "a float": ("bundle.form", partial(_body, lambda b: b.replace(b'"schema":1', b'"schema":1.0'))),
    "NaN": ("bundle.form", partial(_body, lambda b: b.replace(b'"schema":1', b'"schema":NaN'))),
    "blanks": ("bundle.form", partial(_body, lambda b: b.replace(b":", b": ", 1))),
    "a field more": ("bundle.form", lambda s: s.to_centre(s.inside.signed(s.key, extra=1))),
    "a field less": ("bundle.form", partial(_body, lambda b: b.replace(b',"number":1', b""))),
    "downgraded": ("bundle.form", lambda s: s.to_centre(s.inside.signed(s.key, format="soansinh.bundle.0"))),
    "a number below zero": ("bundle.form", lambda s: s.to_centre(s.inside.signed(s.key, number=-1))),
    "an id that is none": ("bundle.form", lambda s: s.to_centre(s.inside.signed(s.key, id="x"))),
    "a number as text": ("bundle.form", lambda s: s.to_centre(s.inside.signed(s.key, number="1"))),
    "not signed": ("bundle.signature", _unsigned),
    "a weak key": ("bundle.signature", _low_order),
    "a stranger's signature": ("bundle.sender", _stranger),
    "a colleague in another's name": (
        "bundle.sender",
        lambda s: s.to_centre(s.inside.signed(s.colleague.device.key)),
    ),
    "another commune's laptop": ("bundle.sender", lambda s: s.to_centre(s.inside.signed(s.far.device.key))),
    "addressed to a laptop": (
        "bundle.addressee",
        lambda s: s.to_centre(s.inside.signed(s.key, to="T0001/m1")),
    ),
    "another errand": ("bundle.errand", lambda s: s.to_centre(s.inside.signed(s.key, errand="response"))),
    "another payload": ("bundle.digest", _swapped),
    "another digest": ("bundle.digest", lambda s: s.to_centre(s.inside.signed(s.key, digest="0" * 64))),
    "another length": ("bundle.digest", lambda s: s.to_centre(s.inside.signed(s.key, length=1))),
    "other counts": ("bundle.digest", lambda s: s.to_centre(s.inside.signed(s.key, counts={"request": 2}))),
    "newer than we are": ("bundle.newer", lambda s: s.to_centre(s.inside.signed(s.key, schema=2))),
    "a part nobody knows": ("bundle.form", partial(_with_parts, lambda p: [*p, (99, b"")])),
    "a part that is no message": ("sync.message", partial(_with_parts, lambda _: [(Part.REQUEST, b"\x00")])),
    "a message that unpacks to 60 MB": ("sync.too_large", _bomb),
    "a colleague's messages": ("sync.signature", _of_another),
    "about another commune": ("sync.message", _about_elsewhere),
    "enrols by a false code": ("central.invitation_unknown", _false_code),
    "enrols by nothing": ("sync.message", partial(_empty_application, TRAINING)),
    "enrols by nothing nowhere": ("sync.message", partial(_empty_application, "T9999")),
    "enrols as somebody else": ("bundle.sender", _enrols_as_another),
    "enrols under a name that is taken": ("bundle.sender", _takes_a_name),
    "the centre's own answer": ("bundle.sender", lambda s: s.to_centre(s.told)),
}

ON_THE_LAPTOP: dict[str, tuple[str, Callable[[Scene], bytes]]] = {
    "its own request": ("bundle.sender", lambda s: s.to_laptop(s.inside)),
    "an answer it wrote itself": ("bundle.sender", lambda s: s.to_laptop(s.told.signed(s.key))),
    "sealed to a colleague": (
        "bundle.not_for_us",
        lambda s: s.told.sealed(recipient_of(s.colleague.device.key.public)),
    ),
    "for a colleague": (
        "bundle.addressee",
        lambda s: s.by_centre(s.told, to=f"{TRAINING}/{s.colleague.device.id}"),
    ),
    "for another commune": ("bundle.addressee", lambda s: s.by_centre(s.told, to="T0002/m1")),
    "another errand": ("bundle.errand", lambda s: s.by_centre(s.told, errand="census")),
    "expired": ("bundle.expired", lambda s: s.by_centre(s.told, expiry="2020-01-01T00:00:00Z")),
    "newer": ("bundle.newer", lambda s: s.by_centre(s.told, schema=7)),
    "another digest": ("bundle.digest", lambda s: s.by_centre(s.told, digest="0" * 64)),
    "cut": ("bundle.altered", lambda s: s.answer[:-9]),
    "a laptop's message inside": (
        "sync.signature",
        lambda s: s.to_laptop(s.told.carrying(s.served.keys.register, s.inside.parts)),
    ),
}
