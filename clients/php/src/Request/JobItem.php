<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class JobItem extends Request
{
    protected const FIELDS = [
        'input' => 'input',
        'subject' => 'subject',
        'externalId' => 'external_id',
        'attributes' => 'attributes',
    ];

    protected const MAPS = ['attributes'];

    /**
     * @param JobItemInput|array<string, mixed> $input
     * @param string|null $subject Whom or what the item is about.
     * @param array<string, string|float|bool|null>|null $attributes Facts about the item that are not input, e.g.
     *     for bias audits.
     */
    public function __construct(
        public readonly JobItemInput|array $input,
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly ?array $attributes = null,
    ) {
    }
}
