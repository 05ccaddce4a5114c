<?php

declare(strict_types=1);

namespace Understudy\Client\Webhook;

use Understudy\Client\Data\Event;
use Understudy\Client\Decision;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Internal\Read;

/** An event that is certain to come from the server. The same event may come twice: keep `id` with what you do about it. */
final class WebhookEvent
{
    /**
     * @param string $id   of the event
     * @param string $type e.g. `decision.made`, `job.finished`
     */
    public function __construct(
        public readonly string $id,
        public readonly string $type,
        public readonly Event $event,
    ) {
    }

    /**
     * Reads what the verifier has found to be signed.
     *
     * @param string $id what webhook-id said
     *
     * @throws InvalidWebhook
     */
    public static function fromBody(string $body, string $id): self
    {
        $data = json_decode($body, true);
        if (!\is_array($data) || ($data['id'] ?? null) !== $id) {
            throw new InvalidWebhook('body', 'the body is not the event that webhook-id names');
        }
        $event = Event::fromArray($data);

        return new self($id, $event->type, $event);
    }

    /** The decision of `decision.made` and of a `job.finished` of one item; null in other events. */
    public function decision(): ?Decision
    {
        $data = $this->event->data;
        $decision = match ($this->type) {
            'decision.made' => $data,
            'job.finished' => $data['decision'] ?? null,
            default => null,
        };
        if (!\is_array($decision)) {
            return null;
        }
        $decision = Decision::fromArray(Read::object($decision));

        return $decision->id === '' ? null : $decision;
    }

    /**
     * What happened, as the event has it.
     *
     * @return array<string, mixed> what happened
     */
    public function data(): array
    {
        return $this->event->data;
    }
}
