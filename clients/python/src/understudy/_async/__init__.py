"""The client, asynchronous. `understudy._sync` is derived from this folder by scripts/derive_sync.py."""
