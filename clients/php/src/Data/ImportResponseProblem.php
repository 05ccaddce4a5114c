<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ImportResponseProblem extends Record
{
    /**
     * @param int $line Where the row starts; in JSON the number of the example, from 1.
     * @param string $pointer JSON pointer into the row; in JSON into the body.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $line,
        public readonly string $code,
        public readonly string $detail,
        public readonly string $pointer,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['line'] ?? null),
            Read::string($data['code'] ?? null),
            Read::string($data['detail'] ?? null),
            Read::string($data['pointer'] ?? null),
            $data,
        );
    }
}
