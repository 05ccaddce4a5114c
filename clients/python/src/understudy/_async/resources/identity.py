"""Who may do what, and who did."""

from __future__ import annotations

from typing import Optional

from typing_extensions import Unpack

from ... import models, requests
from ..._call import Call, CallOptions, ChangeOptions, IdempotentOptions, PageOptions, path
from ..download import AsyncDownload
from ..pagination import AsyncList
from ..transport import AsyncTransport


class AsyncKeys:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.ApiKey]:
        return AsyncList(self._transport, models.ApiKey, Call("GET", path("keys"), **options))

    async def create(self, key: requests.ApiKeyRequest, **options: Unpack[IdempotentOptions]) -> models.NewApiKey:
        """The answer holds the secret, this once."""
        return await self._transport.json(models.NewApiKey, Call("POST", path("keys"), json=key, idempotent=True, **options))

    async def revoke(self, id: str, **options: Unpack[CallOptions]) -> None:
        """Effective everywhere within 5 s."""
        await self._transport.nothing(Call("DELETE", path("keys", id), **options))


class AsyncMembers:
    """The people of the workspace."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.Member]:
        """Newest first."""
        return AsyncList(self._transport, models.Member, Call("GET", path("members"), **options))

    async def get(self, id: str, **options: Unpack[CallOptions]) -> models.Member:
        return await self._transport.json(models.Member, Call("GET", path("members", id), **options))

    async def add(self, member: requests.MemberRequest, **options: Unpack[IdempotentOptions]) -> models.Member:
        """With a role up to the caller's own."""
        return await self._transport.json(
            models.Member, Call("POST", path("members"), json=member, idempotent=True, **options)
        )

    async def change(self, id: str, change: requests.MemberChange, **options: Unpack[ChangeOptions]) -> models.Member:
        """What is absent stays as it is. Who becomes inactive is signed out everywhere within 5 s."""
        return await self._transport.json(models.Member, Call("PATCH", path("members", id), json=change, **options))

    async def remove(self, id: str, **options: Unpack[ChangeOptions]) -> None:
        """Signed out everywhere within 5 s; what they did stays under their id."""
        await self._transport.nothing(Call("DELETE", path("members", id), **options))

    async def sign_in_code(self, id: str, **options: Unpack[IdempotentOptions]) -> models.SignInCode:
        """A one-time code that signs the member in: `path` behind the server's address is the link to send them."""
        call = Call("POST", path("members", id, "sign-in-codes"), idempotent=True, **options)
        return await self._transport.json(models.SignInCode, call)


class AsyncSession:
    """
    A browser's session. Without an API key, the client keeps the session's cookie, and sends the CSRF token of each
    answer here along with everything that follows.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(self, credential: requests.SessionRequest, **options: Unpack[CallOptions]) -> models.Session:
        """Signs in. Never repeated: a one-time code works once, even when its answer is lost."""
        options = {**options, "max_retries": 0}
        call = Call("POST", path("session"), json=credential, without_csrf=True, **options)
        return self._remember(await self._transport.json(models.Session, call))

    async def get(self, **options: Unpack[CallOptions]) -> models.Session:
        """Raises Unauthenticated when nobody is signed in. Asked afresh: takes over whatever session is active."""
        call = Call("GET", path("session"), without_csrf=True, **options)
        return self._remember(await self._transport.json(models.Session, call))

    async def end(self, **options: Unpack[CallOptions]) -> None:
        """Signs out of every workspace."""
        await self._transport.nothing(Call("DELETE", path("session"), **options))
        self._transport.csrf_token = None

    async def workspaces(self, **options: Unpack[CallOptions]) -> models.SessionWorkspaces:
        """The workspaces that are signed in to, the active one first."""
        return await self._transport.json(models.SessionWorkspaces, Call("GET", path("session", "workspaces"), **options))

    async def switch(self, workspace: str, **options: Unpack[CallOptions]) -> models.Session:
        """Makes another of `workspaces` the active one. Throw away what you have cached of the old one."""
        call = Call("POST", path("session", "switch"), json={"workspace": workspace}, **options)
        return self._remember(await self._transport.json(models.Session, call))

    async def sign_in_code(self, **options: Unpack[IdempotentOptions]) -> models.SignInCode:
        """A one-time code that signs a browser in as the caller; with an API key too."""
        call = Call("POST", path("session", "sign-in-codes"), idempotent=True, **options)
        return await self._transport.json(models.SignInCode, call)

    def _remember(self, session: models.Session) -> models.Session:
        self._transport.csrf_token = getattr(session, "csrf_token", None)
        return session


class AsyncWorkspaces:
    """Operators only."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.Workspace]:
        return AsyncList(self._transport, models.Workspace, Call("GET", path("workspaces"), **options))

    async def create(
        self, workspace: requests.WorkspaceRequest, **options: Unpack[IdempotentOptions]
    ) -> models.NewWorkspace:
        """A workspace and its first key, which holds every scope and whose secret is shown this once."""
        call = Call("POST", path("workspaces"), json=workspace, idempotent=True, **options)
        return await self._transport.json(models.NewWorkspace, call)

    async def quota(self, id: str, **options: Unpack[CallOptions]) -> models.WorkspaceQuota:
        """What a workspace may ask for, with all its keys together."""
        return await self._transport.json(models.WorkspaceQuota, Call("GET", path("workspaces", id, "quota"), **options))

    async def set_quota(
        self, id: str, quota: requests.WorkspaceQuota, **options: Unpack[CallOptions]
    ) -> models.WorkspaceQuota:
        call = Call("PUT", path("workspaces", id, "quota"), json=quota, **options)
        return await self._transport.json(models.WorkspaceQuota, call)


class AsyncAuditLog:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        action: Optional[str] = None,
        resource: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> AsyncList[models.AuditEntry]:
        """Who changed what, newest first. `action`: e.g. `key.created`; `resource`: id or name of what it happened to."""
        query = {"action": action, "resource": resource, "from": from_, "to": to}
        return AsyncList(self._transport, models.AuditEntry, Call("GET", path("audit-log"), query=query, **options))


class AsyncBackups:
    """For operators."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def download(self, **options: Unpack[CallOptions]) -> AsyncDownload:
        """
        Everything that the server keeps, as of one moment: gzipped JSON lines whose last line holds a SHA-256 over all
        before it. A stream that ends without that line was cut off.
        """
        return AsyncDownload(self._transport, Call("GET", path("backup"), accept="*/*", **options))
