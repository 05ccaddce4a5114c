<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * Where decisions are published; absent = nowhere.
 */
final class SourceReplyTo extends Request
{
    protected const FIELDS = [
        'bus' => 'bus',
        'topic' => 'topic',
        'fromMessage' => 'from_message',
    ];

    /**
     * @param string|null $bus Absent = the bus of the source.
     * @param bool|null $fromMessage A topic that the message names as its reply-to goes before `topic`.
     */
    public function __construct(
        public readonly ?string $bus = null,
        public readonly ?string $topic = null,
        public readonly ?bool $fromMessage = null,
    ) {
    }
}
