<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Secret;

/** One attempt of a call, ready to be sent. */
final class Request
{
    /**
     * @param array<string, string>            $headers lower-case names
     * @param string|null                      $body    whole, or null
     * @param (\Closure(): iterable<string>)|null $pieces a body that is made while it is sent
     * @param float                            $timeout seconds for the whole attempt; of a stream or an upload: seconds
     *                                                  in which nothing moves
     * @param bool                             $stream  the answer is read piece by piece
     * @param array<string, Secret>            $secretHeaders lower-case names
     * @param bool                             $isRepeat it does not take a kept-alive connection: that may be what failed
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        private readonly array $headers,
        public readonly ?string $body,
        public readonly ?\Closure $pieces,
        public readonly float $timeout,
        public readonly bool $stream,
        private readonly array $secretHeaders,
        public readonly bool $isRepeat = false,
    ) {
    }

    /**
     * All headers, secret ones included.
     *
     * @return array<string, string> with the credential
     */
    public function headers(): array
    {
        return array_map(static fn (Secret $value): string => $value->reveal(), $this->secretHeaders) + $this->headers;
    }
}
