<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

/** A request that a fake got. */
final class RecordedRequest
{
    /**
     * @param string                $path    without the query
     * @param array<string, string> $query
     * @param array<string, string> $headers lower-case names, without the credential
     * @param string                $body    as it was sent
     */
    public function __construct(
        public readonly string $method,
        public readonly string $path,
        public readonly array $query,
        public readonly array $headers,
        public readonly string $body,
    ) {
    }

    /** The body when it is JSON. */
    public function json(): mixed
    {
        return json_decode($this->body, true);
    }
}
