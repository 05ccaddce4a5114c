<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

use Understudy\Client\Decision;
use Understudy\Client\Exception\ServerFailed;

/**
 * An item was decided: by DecideMessage, by a source of Understudy, or as a webhook told. Handle it as a message or, in
 * an application without Messenger, as an event. It can come twice: `eventId` is the same then.
 */
final class DecisionMade
{
    /**
     * @param array<string, mixed>                      $data       the decision as the server sent it
     * @param string                                    $origin     `messenger`, `source` or `webhook`
     * @param string                                    $eventId    names this result; the same however often it comes
     * @param string|null                               $externalId your id of the item
     * @param array<string, string|int|float|bool|null> $context    of the DecideMessage
     * @param string|null                               $correlationId of the message that the source took
     * @param string|null                               $failure    code of why there is no answer: then a person decides
     * @param string|null                               $failureDetail
     */
    public function __construct(
        public readonly array $data,
        public readonly string $origin,
        public readonly string $eventId,
        public readonly ?string $externalId = null,
        public readonly array $context = [],
        public readonly ?string $correlationId = null,
        public readonly ?string $failure = null,
        public readonly ?string $failureDetail = null,
    ) {
    }

    public function decision(): Decision
    {
        if ($this->failure !== null) {
            $task = $this->data['task'] ?? '';

            return Decision::fallback(\is_string($task) ? $task : '', ServerFailed::local($this->failure, $this->failureDetail ?? $this->failure), $this->externalId);
        }

        return Decision::fromArray($this->data);
    }
}
