<?php

declare(strict_types=1);

namespace Understudy\Client;

/** A decision on its way. Repeats and the fallback happen in get(). */
final class PendingDecision
{
    /** @var (\Closure(): Decision)|null */
    private ?\Closure $wait;

    private ?Decision $decision = null;

    private ?\Throwable $failure = null;

    /** @param \Closure(): Decision $wait */
    public function __construct(
        \Closure $wait,
        private readonly ?\Closure $cancel = null,
    ) {
        $this->wait = $wait;
    }

    /** One that is decided already. */
    public static function of(Decision $decision): self
    {
        return new self(static fn (): Decision => $decision);
    }

    /**
     * Waits for the decision; the same one, or the same exception, every time.
     *
     * @throws Exception\UnderstudyException unless the fallback is `review`
     */
    public function get(): Decision
    {
        if ($this->wait !== null) {
            $wait = $this->wait;
            $this->wait = null;
            try {
                $this->decision = $wait();
            } catch (\Throwable $failure) {
                $this->failure = $failure;
            }
        }
        if ($this->failure !== null) {
            throw $this->failure;
        }
        \assert($this->decision !== null);

        return $this->decision;
    }

    /** Lets go of the answer. The server may have decided already. */
    public function cancel(): void
    {
        if ($this->wait === null) {
            return;
        }
        $this->wait = null;
        $this->failure = new \LogicException('the prediction was cancelled');
        if ($this->cancel !== null) {
            ($this->cancel)();
        }
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['decision' => $this->decision, 'failure' => $this->failure === null ? null : $this->failure::class];
    }
}
