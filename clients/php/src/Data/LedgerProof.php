<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Inclusion proofs of RFC 6962 §2.1.1: record → commit.root, then SHA-256(0x00 ‖ root ‖ entries ‖
 * committed_at_ms, each 8 bytes big-endian) → log.head.
 */
final class LedgerProof extends Record
{
    /**
     * @param string $record The canonical JSON (RFC 8785) that was hashed: leaf = SHA-256(0x00 ‖ record).
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $workspace,
        public readonly string $decision,
        public readonly string $record,
        public readonly LedgerProofCommit $commit,
        public readonly LedgerProofLog $log,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['workspace'] ?? null),
            Read::string($data['decision'] ?? null),
            Read::string($data['record'] ?? null),
            LedgerProofCommit::fromArray(Read::object($data['commit'] ?? null)),
            LedgerProofLog::fromArray(Read::object($data['log'] ?? null)),
            $data,
        );
    }
}
