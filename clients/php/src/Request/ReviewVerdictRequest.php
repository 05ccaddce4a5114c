<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For review()->verdict().
 */
final class ReviewVerdictRequest extends Request
{
    protected const FIELDS = [
        'claimToken' => 'claim_token',
        'label' => 'label',
        'seconds' => 'seconds',
        'note' => 'note',
    ];

    /**
     * @param string $claimToken From the claim. Another claim of the item gets another token, and this one is worth
     *     nothing from then on.
     * @param float|null $seconds Active seconds on this item. Absent = since the claim or the verdict before.
     *     Capped by the idle limit.
     */
    public function __construct(
        public readonly string $claimToken,
        public readonly string $label,
        public readonly ?float $seconds = null,
        public readonly ?string $note = null,
    ) {
    }
}
