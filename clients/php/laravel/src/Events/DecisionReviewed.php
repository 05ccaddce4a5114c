<?php

declare(strict_types=1);

namespace Understudy\Laravel\Events;

/** A person has decided an item, or the application or an appeal labelled it; told by a webhook. */
final class DecisionReviewed
{
    /**
     * @param array<string, mixed> $label    as the server sent it: label, source, note…
     * @param array<string, mixed> $decision as in lists
     * @param string               $eventId  the same however often it comes
     * @param string               $type     `decision.reviewed` or `label.recorded`
     */
    public function __construct(
        public readonly array $label,
        public readonly array $decision,
        public readonly string $eventId,
        public readonly string $type = 'decision.reviewed',
    ) {
    }

    public function label(): ?string
    {
        $label = $this->label['label'] ?? null;

        return \is_string($label) ? $label : null;
    }

    public function externalId(): ?string
    {
        $id = $this->decision['external_id'] ?? null;

        return \is_string($id) ? $id : null;
    }

    public function task(): ?string
    {
        $task = $this->decision['task'] ?? null;

        return \is_string($task) ? $task : null;
    }
}
