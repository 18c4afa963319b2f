"""What a learner has done, and the hint that helps now."""

# projections.py and reads.py stand (the lead wrote them, the server and the session use them as
# they are): build facts, hints, predicates, errors and Coach beside them.
