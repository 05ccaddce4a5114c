"""The client, blocking. All but runtime.py is derived from `understudy._async` by scripts/derive_sync.py."""
