<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** What arrived is not from the server that has the secret, or not from now. Answer 400 and do nothing else. */
final class InvalidWebhook extends \RuntimeException
{
    /** @param string $reason `missing_header`, `malformed`, `stale`, `signature`, `replayed` or `body` */
    public function __construct(
        public readonly string $reason,
        string $message,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }
}
