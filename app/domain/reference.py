"""The data that laws and banks change, loaded once and handed down: `app.resources.load_reference`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.accounts import Providers
from app.domain.authority import Authorities
from app.domain.deadlines import Deadlines
from app.domain.fees import Fees
from app.domain.leave import Leave
from app.domain.places import Places
from app.domain.policy import Groups, Levels
from app.domain.roles import Rights
from app.domain.save_to import SaveMap


@dataclass(frozen=True)
class Reference:
    """Mappings: province code of an identity number → name, telephone prefix → operator,
    four-digit prefix of before 2018 → the three of today, TCVN3 and VNI letters → Unicode.
    `published`: when the centre's programme data in it were (UTC); empty where all is as shipped.
    """

    places: Places
    providers: Providers
    id_provinces: Mapping[str, str]
    phone_prefixes: Mapping[str, str]
    old_phone_prefixes: Mapping[str, str]
    groups: Groups
    levels: Levels
    authorities: Authorities
    rights: Rights
    fees: Fees
    deadlines: Deadlines
    leave: Leave
    tcvn3: Mapping[str, str]
    vni: Mapping[str, str]
    save_map: SaveMap
    published: str = ""
