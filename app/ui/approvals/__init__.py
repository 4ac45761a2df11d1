"""What the queue of approvals is put together from; the room around it is `rooms/approvals.py`.

    found      everything shown, read in one view of the register, away from the window
    wording    proposals, cautions and what became of them in an officer's words
    page       what the pages share: head, why she may not, her own word, approving and refusing
    account    an account or a payee as it is and as it would be, with what it stands on
    evidence   the code, the slip, who wrote it; photos in place
    people     two people to be joined or parted, or a batch of pairs
    decision   a conflict about money as somebody would have it decided
    surveyed   what a survey found, beside what stands; heard: the same in words
    signing    the tick, the password again, the reason
    settled    what was answered lately, and whether it is in force
    pane       the queue of all these, its filter and order

May not enter: who may approve what, and what comes in force (`app.domain.approval`, `app.actions.approvals`).
"""
