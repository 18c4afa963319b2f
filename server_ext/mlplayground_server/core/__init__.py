"""What the server does for the learner, as functions that know no HTTP and may block.

The handlers run them in threads; tests call them directly.
"""
