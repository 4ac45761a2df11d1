"""The central register as a service: FastAPI and uvicorn in front of `store` and `sync.register`.

May not enter: Qt, openpyxl, sqlcipher3, rooms, actions, bootstrap; the HTTP clients; SQL.
Endpoints are plain functions in uvicorn's thread pool; each is one transaction on one commune. Async
are the gate before them (`gate.py`) and the lines on which laptops listen (`events.py`), where a thread
for each who waits would be all there are. Logged are communes, devices, sizes, codes and times alone.
Begin reading at `service.py` (the laptops' HTTP face), then `office.py` (which key says what) and
`keys.py` (where keys lie). `deeds.py` is what operators do, at the command line (`cli.operating`) and
on `pages.py` alike; `server.py` starts and stops it all, `training.py` is the training door's. What comes
on sticks is taken in by `handover.py` and answered by `answering.py`; what a laptop that can speak no more
left is taken in by `rescue.py`, and `recovering.py` helps into one that nobody can open.
"""
