"""How Merilo is held to its word. Conversations are in ``transcripts/``, read by ``test_transcripts``."""
