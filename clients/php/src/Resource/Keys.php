<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\ApiKey;
use Understudy\Client\Data\NewApiKey;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** API keys. */
final class Keys extends Resource
{
    /** @return Listing<ApiKey> */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('keys.list', '/v1/keys', [], $page, ApiKey::fromArray(...));
    }

    /**
     * `$key`: `name`, `scopes`, and `expires_at`, `rate_limit`. The answer holds the secret, this once.
     *
     * @param array<string, mixed> $key
     */
    public function create(array $key, ?CallOptions $options = null): NewApiKey
    {
        return $this->one(new Call(
            'keys.create',
            'POST',
            '/v1/keys',
            $options,
            json: $key,
            idempotent: true,
        ), NewApiKey::fromArray(...));
    }

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
