<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class DeadLetterReplayEdit extends Request
{
    protected const FIELDS = [
        'id' => 'id',
        'input' => 'input',
    ];

    protected const NULLS = ['input'];

    /**
     * @param mixed $input Of a job’s letter: the new `input`. Of any other: the new content, as JSON; a text goes
     *     as it is.
     */
    public function __construct(
        public readonly string $id,
        public readonly mixed $input,
    ) {
    }
}
