<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;

/** An answer that may still be on its way. */
interface Reply
{
    /**
     * Waits for the head.
     *
     * @throws ConnectionFailed|TimeLimitExceeded
     */
    public function status(): int;

    /** Null when absent. Waits for the head. */
    public function header(string $name): ?string;

    /**
     * Waits for the end.
     *
     * @throws ConnectionFailed|TimeLimitExceeded
     */
    public function body(): string;

    /**
     * The body as it comes; once.
     *
     * @return \Generator<int, string>
     *
     * @throws ConnectionFailed|TimeLimitExceeded
     */
    public function pieces(): \Generator;

    /** Lets go of what has not come yet. */
    public function cancel(): void;
}
