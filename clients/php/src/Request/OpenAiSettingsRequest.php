<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For openaiSettings()->put().
 */
final class OpenAiSettingsRequest extends Request
{
    protected const FIELDS = [
        'defaultModerationTask' => 'default_moderation_task',
        'moderation' => 'moderation',
    ];

    protected const NULLS = ['defaultModerationTask'];

    /**
     * @param string|null $defaultModerationTask Answers for the well-known moderation models, and for requests that
     *     name none. One of `moderation`.
     * @param list<OpenAiSettingsModeration|array<string, mixed>> $moderation Tasks that answer moderation requests.
     */
    public function __construct(
        public readonly ?string $defaultModerationTask,
        public readonly array $moderation,
    ) {
    }
}
