<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Session as SessionData;
use Understudy\Client\Data\SessionWorkspaces;
use Understudy\Client\Data\SignInCode;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Answer;
use Understudy\Client\Http\Call;
use Understudy\Client\Secret;

/**
 * The session of a person, for tools that act in their name. After create() the calls of this object carry the session's
 * cookie instead of the key; all other calls of the client keep the key.
 */
final class Session extends Resource
{
    private ?Secret $cookie = null;

    private ?Secret $csrfToken = null;

    /**
     * Sign a browser in, with a one-time code or an API key; sets the session’s cookie.
     *
     * @param array<string, mixed> $credential a sign-in code or a key, as the API takes it
     *
     * @throws UnderstudyException
     */
    public function create(#[\SensitiveParameter] array $credential, ?CallOptions $options = null): SessionData
    {
        $this->cookie = $this->csrfToken = null;
        $call = new Call(
            'session.create',
            'POST',
            '/v1/session',
            $options,
            json: $credential,
            maxRetries: 0, // a code works once
        );

        return $this->sender->call($call, $this->remember(...));
    }

    /**
     * The active session of this browser.
     *
     * @throws UnderstudyException
     */
    public function get(?CallOptions $options = null): SessionData
    {
        return $this->sender->call($this->inSession('session.get', 'GET', '/v1/session', $options), $this->remember(...));
    }

    /**
     * Sign this browser out of every workspace.
     *
     * @throws UnderstudyException
     */
    public function end(?CallOptions $options = null): void
    {
        $this->nothing($this->inSession('session.end', 'DELETE', '/v1/session', $options));
        $this->cookie = $this->csrfToken = null;
    }

    /**
     * The workspaces that this browser is signed in to.
     *
     * @throws UnderstudyException
     */
    public function workspaces(?CallOptions $options = null): SessionWorkspaces
    {
        return $this->one(
            $this->inSession('session.workspaces', 'GET', '/v1/session/workspaces', $options),
            SessionWorkspaces::fromArray(...),
        );
    }

    /**
     * Make another workspace that this browser is signed in to the active one.
     *
     * @throws UnderstudyException
     */
    public function switch(string $workspace, ?CallOptions $options = null): SessionData
    {
        $call = $this->inSession('session.switch', 'POST', '/v1/session/switch', $options, ['workspace' => $workspace]);

        return $this->sender->call($call, $this->remember(...));
    }

    /**
     * A one-time code that signs another browser in as the caller.
     *
     * @throws UnderstudyException
     */
    public function signInCode(?CallOptions $options = null): SignInCode
    {
        return $this->one(
            $this->inSession('session.sign_in_code', 'POST', '/v1/session/sign-in-codes', $options, idempotent: true),
            SignInCode::fromArray(...),
        );
    }

    /** @param array<string, mixed>|null $json */
    private function inSession(
        string $operation,
        string $method,
        string $path,
        ?CallOptions $options,
        ?array $json = null,
        bool $idempotent = false,
    ): Call {
        return new Call(
            $operation,
            $method,
            $path,
            $options,
            json: $json,
            idempotent: $idempotent,
            cookie: $this->cookie,
            csrfToken: $method === 'GET' ? null : $this->csrfToken,
        );
    }

    private function remember(Answer $answer): SessionData
    {
        $session = SessionData::fromArray($answer->json());
        $cookie = $answer->reply->header('set-cookie');
        if ($cookie !== null) {
            $this->cookie = new Secret(explode(';', $cookie, 2)[0]);
        }
        $this->csrfToken = $session->csrfToken;

        return $session;
    }
}
