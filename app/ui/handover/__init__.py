"""What the stick's screen is put together from; the room around it is `rooms/handover.py`.

    drives     removable drives and the bundles that lie on them
    steps      what is done of the four steps, one below the other
    sending    laptop → centre: what goes, where to, writing it
    leaving    to another commune: who moves, where to, from which month
    coming     out of another commune: who comes, and what opening her file here writes
    opening    what came: checked, shown before anything moves, taken in
    columns    earlier parcels, and what the centre said of each save
    minute     the minute of a parcel, from the book of parcels

May not enter: what a bundle is (`app.sync.stick`), what taking it in does (`app.actions.handover`).
Begin at `sending.py`.
"""
