<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For tasks()->put().
 */
final class TaskDefinition extends Request
{
    protected const FIELDS = [
        'labels' => 'labels',
        'kind' => 'kind',
        'title' => 'title',
        'input' => 'input',
        'errorBudget' => 'error_budget',
        'economics' => 'economics',
        'automation' => 'automation',
        'audit' => 'audit',
        'certification' => 'certification',
        'retraining' => 'retraining',
        'review' => 'review',
        'instructions' => 'instructions',
        'personalData' => 'personal_data',
        'sensitiveAttributes' => 'sensitive_attributes',
        'retentionDays' => 'retention_days',
        'owner' => 'owner',
    ];

    protected const MAPS = ['automation'];

    /**
     * @param list<TaskLabel|array<string, mixed>> $labels
     * @param TaskInput|array<string, mixed>|null $input
     * @param TaskErrorBudget|array<string, mixed>|null $errorBudget
     * @param TaskEconomics|array<string, mixed>|null $economics
     * @param array<string, mixed>|null $automation
     * @param TaskAudit|array<string, mixed>|null $audit
     * @param TaskCertification|array<string, mixed>|null $certification
     * @param TaskRetraining|array<string, mixed>|null $retraining
     * @param TaskReview|array<string, mixed>|null $review
     * @param list<string>|null $personalData
     * @param list<string>|null $sensitiveAttributes
     */
    public function __construct(
        public readonly array $labels,
        public readonly string $kind = 'text_classification',
        public readonly ?string $title = null,
        public readonly TaskInput|array|null $input = null,
        public readonly TaskErrorBudget|array|null $errorBudget = null,
        public readonly TaskEconomics|array|null $economics = null,
        public readonly ?array $automation = null,
        public readonly TaskAudit|array|null $audit = null,
        public readonly TaskCertification|array|null $certification = null,
        public readonly TaskRetraining|array|null $retraining = null,
        public readonly TaskReview|array|null $review = null,
        public readonly ?string $instructions = null,
        public readonly ?array $personalData = null,
        public readonly ?array $sensitiveAttributes = null,
        public readonly ?int $retentionDays = null,
        public readonly ?string $owner = null,
    ) {
    }
}
