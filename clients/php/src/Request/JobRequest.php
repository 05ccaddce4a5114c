<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For jobs()->create().
 */
final class JobRequest extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'input' => 'input',
        'items' => 'items',
        'subject' => 'subject',
        'externalId' => 'external_id',
        'attributes' => 'attributes',
        'callbackUrl' => 'callback_url',
        'replyTo' => 'reply_to',
        'notBefore' => 'not_before',
        'priority' => 'priority',
    ];

    protected const MAPS = ['attributes'];

    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param JobInput|array<string, mixed>|null $input
     * @param list<JobItem|array<string, mixed>>|null $items Instead of `input`.
     * @param string|null $subject Whom or what the item is about.
     * @param array<string, string|float|bool|null>|null $attributes Facts about the item that are not input, e.g.
     *     for bias audits.
     * @param string|null $callbackUrl Gets `job.finished` with the decision, signed with the workspace’s callback
     *     secret.
     * @param JobReplyTo|array<string, mixed>|null $replyTo
     * @param \DateTimeInterface|string|null $notBefore RFC 3339, UTC.
     * @param int|null $priority Higher ones are served first. Absent = 5.
     */
    public function __construct(
        public readonly string $task,
        public readonly JobInput|array|null $input = null,
        public readonly ?array $items = null,
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly ?array $attributes = null,
        public readonly ?string $callbackUrl = null,
        public readonly JobReplyTo|array|null $replyTo = null,
        public readonly \DateTimeInterface|string|null $notBefore = null,
        public readonly ?int $priority = null,
    ) {
    }
}
