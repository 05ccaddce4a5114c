<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\ApiKey;
use Understudy\Client\Data\NewApiKey;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\ApiKeyRequest;
use Understudy\Client\Request\Request;

/** API keys. */
final class Keys extends Resource
{
    /**
     * All of them, page after page.
     *
     * @return Listing<ApiKey>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('keys.list', '/v1/keys', [], $page, ApiKey::fromArray(...));
    }

    /**
     * `$key`: `name`, `scopes`, and `expires_at`, `rate_limit`. The answer holds the secret, this once.
     *
     * @param array<string, mixed>|ApiKeyRequest $key
     *
     * @throws UnderstudyException
     */
    public function create(array|ApiKeyRequest $key, ?CallOptions $options = null): NewApiKey
    {
        $key = Request::fields($key);

        return $this->one(new Call(
            'keys.create',
            'POST',
            '/v1/keys',
            $options,
            json: $key,
            idempotent: true,
        ), NewApiKey::fromArray(...));
    }

    /**
     * The key is refused from now on.
     *
     * @throws UnderstudyException
     */
    public function revoke(string $id, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'keys.revoke',
            'DELETE',
            self::path('/v1/keys/{id}', ['id' => $id]),
            $options,
        ));
    }
}
