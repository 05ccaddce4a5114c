<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Certification as CertificationData;
use Understudy\Client\Data\CertificationPreview;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;

/** Whether a task may be automated, from which confidence on, and how that is known. */
final class Certification extends Resource
{
    /**
     * What the model may decide alone, and why.
     *
     * @throws UnderstudyException
     */
    public function get(string $task, ?CallOptions $options = null): CertificationData
    {
        return $this->one(new Call(
            'certification.get',
            'GET',
            self::path('/v1/tasks/{task}/certification', ['task' => $task]),
            $options,
            task: $task,
        ), CertificationData::fromArray(...));
    }

    /**
     * Computes it anew, over all verdicts so far.
     *
     * @throws UnderstudyException
     */
    public function renew(string $task, ?CallOptions $options = null): CertificationData
    {
        return $this->one(new Call(
            'certification.renew',
            'POST',
            self::path('/v1/tasks/{task}/certification', ['task' => $task]),
            $options,
            json: [],
            idempotent: true,
            task: $task,
            timeout: 300.0,
            total: 600.0,
        ), CertificationData::fromArray(...));
    }

    /**
     * What another error budget would mean; changes nothing.
     *
     * @throws UnderstudyException
     */
    public function preview(
        string $task,
        ?float $maxError = null,
        ?float $confidence = null,
        ?CallOptions $options = null,
    ): CertificationPreview {
        return $this->one(new Call(
            'certification.preview',
            'GET',
            self::path('/v1/tasks/{task}/certification/preview', ['task' => $task]),
            $options,
            query: ['max_error' => $maxError, 'confidence' => $confidence],
            task: $task,
        ), CertificationPreview::fromArray(...));
    }
}
