<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

use Understudy\Client\Problem;

/** Everything that a call throws. Its text holds no key, no input and no body of a request. */
abstract class UnderstudyException extends \RuntimeException
{
    /** @param Problem $problem as the server sent it; with status 0 and a code of the client when no answer came */
    final public function __construct(
        public readonly Problem $problem,
        ?\Throwable $previous = null,
        /** Seconds, as the server asked; null when it did not. */
        public readonly ?float $retryAfter = null,
    ) {
        $id = $problem->requestId === null ? '' : ' [request ' . $problem->requestId . ']';
        parent::__construct($problem->detail . ' (' . $problem->code . ')' . $id, $problem->status, $previous);
    }

    /** Without an answer of the server: status 0. */
    public static function local(string $code, string $detail, ?\Throwable $previous = null, int $status = 0): static
    {
        return new static(new Problem('about:blank', '', $status, $code, $detail), $previous);
    }

    /** The stable code of the problem, e.g. `task_not_found`. */
    public function errorCode(): string
    {
        return $this->problem->code;
    }

    /** HTTP status of the answer; 0 when none came. */
    public function status(): int
    {
        return $this->problem->status;
    }

    /** Names the request in the server's log; null when no answer came. */
    public function requestId(): ?string
    {
        return $this->problem->requestId;
    }
}
