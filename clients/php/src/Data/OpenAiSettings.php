<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class OpenAiSettings extends Record
{
    /**
     * @param string|null $defaultModerationTask Answers for the well-known moderation models, and for requests that
     *     name none. One of `moderation`.
     * @param list<OpenAiSettingsModerationItem> $moderation Tasks that answer moderation requests.
     * @param \DateTimeImmutable|null $updatedAt Null: nothing was set yet.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?string $defaultModerationTask = null,
        public readonly array $moderation = [],
        public readonly ?\DateTimeImmutable $updatedAt = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::nullableString($data['default_moderation_task'] ?? null),
            array_map(static fn (mixed $item): OpenAiSettingsModerationItem => OpenAiSettingsModerationItem::fromArray(Read::object($item)), Read::list($data['moderation'] ?? null)),
            Read::nullableTime($data['updated_at'] ?? null),
            $data,
        );
    }
}
