<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\CallOptions;
use Understudy\Client\Secret;

/** A call before it is sent: what, not how. */
final class Call
{
    /**
     * @param string                                       $operation  e.g. `tasks.get`
     * @param array<string, string|int|float|bool|null>    $query      null: left out
     * @param array<mixed>|null                            $json       sent as a JSON object
     * @param (\Closure(): iterable<string>)|null          $pieces     a body that is made while it is sent
     * @param bool                                         $repeatable $pieces can be called again
     * @param array<string, string>                        $headers    lower-case names
     * @param bool                                         $idempotent it creates or decides: it carries a key
     * @param float|null                                   $timeout    seconds; default of this kind of call
     * @param float|null                                   $total      seconds; default of this kind of call
     * @param bool                                         $alwaysTry  also while the breaker is open
     * @param Secret|null                                  $cookie     goes instead of the key
     */
    public function __construct(
        public readonly string $operation,
        public readonly string $method,
        public readonly string $path,
        public readonly ?CallOptions $options = null,
        public readonly array $query = [],
        public readonly ?array $json = null,
        public readonly ?string $body = null,
        public readonly ?\Closure $pieces = null,
        public readonly bool $repeatable = true,
        public readonly ?string $contentType = null,
        public readonly array $headers = [],
        public readonly string $accept = 'application/json',
        public readonly bool $idempotent = false,
        public readonly ?string $task = null,
        public readonly ?float $timeout = null,
        public readonly ?float $total = null,
        public readonly ?int $maxRetries = null,
        public readonly bool $stream = false,
        public readonly bool $alwaysTry = false,
        public readonly ?Secret $cookie = null,
        public readonly ?Secret $csrfToken = null,
    ) {
    }
}
