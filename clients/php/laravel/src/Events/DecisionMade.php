<?php

declare(strict_types=1);

namespace Understudy\Laravel\Events;

use Understudy\Client\Decision;
use Understudy\Client\Exception\ServerFailed;

/**
 * An item was decided: by a job, or as a webhook told. It can come twice: `eventId` is the same then. Plain data, so that
 * queued listeners can take it.
 */
final class DecisionMade
{
    /**
     * @param array<string, mixed>                      $data       the decision as the server sent it
     * @param string                                    $origin     `queue` or `webhook`
     * @param string                                    $eventId    names this result; the same however often it comes
     * @param string|null                               $externalId your id of the item
     * @param array<string, string|int|float|bool|null> $context    of the job
     * @param string|null                               $failure    code of why there is no answer: then a person decides
     * @param string|null                               $failureDetail
     */
    public function __construct(
        public readonly array $data,
        public readonly string $origin,
        public readonly string $eventId,
        public readonly ?string $externalId = null,
        public readonly array $context = [],
        public readonly ?string $failure = null,
        public readonly ?string $failureDetail = null,
    ) {
    }

    /** The decision; one of the fallback when there was no answer. */
    public function decision(): Decision
    {
        if ($this->failure !== null) {
            $task = $this->data['task'] ?? '';

            return Decision::fallback(\is_string($task) ? $task : '', ServerFailed::local($this->failure, $this->failureDetail ?? $this->failure), $this->externalId);
        }

        return Decision::fromArray($this->data);
    }
}
