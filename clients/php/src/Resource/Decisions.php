<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\DecisionDetail;
use Understudy\Client\Data\DecisionLabel;
use Understudy\Client\Data\DecisionSummary;
use Understudy\Client\Data\LabelSourceList;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** Decisions that were made, and the labels that people and applications gave them later. */
final class Decisions extends Resource
{
    /**
     * @param array{task?: string, outcome?: string, label?: string, model_version?: string, subject?: string,
     *     external_id?: string, from?: string, to?: string} $filter
     *
     * @return Listing<DecisionSummary>
     */
    public function list(array $filter = [], ?PageOptions $page = null): Listing
    {
        return $this->listing('decisions.list', '/v1/decisions', $filter, $page, DecisionSummary::fromArray(...));
    }

    /** Everything that is known about it. */
    public function get(string $id, ?CallOptions $options = null): DecisionDetail
    {
        return $this->one(new Call(
            'decisions.get',
            'GET',
            self::path('/v1/decisions/{id}', ['id' => $id]),
            $options,
        ), DecisionDetail::fromArray(...));
    }

    /** What was right, e.g. after an appeal. `$source`: `application` or `appeal`. Repeatable; the history is kept. */
    public function label(
        string $id,
        string $label,
        string $source = 'application',
        ?string $note = null,
        ?string $person = null,
        ?CallOptions $options = null,
    ): DecisionLabel {
        return $this->one(new Call(
            'decisions.label',
            'POST',
            self::path('/v1/decisions/{id}/labels', ['id' => $id]),
            $options,
            json: self::present(['label' => $label, 'source' => $source, 'note' => $note, 'person' => $person]),
            idempotent: true,
        ), DecisionLabel::fromArray(...));
    }

    public function labelSources(?CallOptions $options = null): LabelSourceList
    {
        return $this->one(new Call(
            'decisions.label_sources',
            'GET',
            '/v1/label-sources',
            $options,
        ), LabelSourceList::fromArray(...));
    }
}
