<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\DecisionDetail;
use Understudy\Client\Data\DecisionLabel;
use Understudy\Client\Data\DecisionSummary;
use Understudy\Client\Data\LabelSourceList;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\DecisionFilter;
use Understudy\Client\Request\Request;

/** Decisions that were made, and the labels that people and applications gave them later. */
final class Decisions extends Resource
{
    /**
     * All of them, page after page.
     *
     * @param array{task?: string, outcome?: string, label?: string, model_version?: string, subject?: string,
     *     external_id?: string, from?: string, to?: string}|DecisionFilter $filter
     *
     * @return Listing<DecisionSummary>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(array|DecisionFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('decisions.list', '/v1/decisions', $filter, $page, DecisionSummary::fromArray(...));
    }

    /**
     * Everything that is known about it.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): DecisionDetail
    {
        return $this->one(new Call(
            'decisions.get',
            'GET',
            self::path('/v1/decisions/{id}', ['id' => $id]),
            $options,
        ), DecisionDetail::fromArray(...));
    }

    /**
     * What was right, e.g. after an appeal. `$source`: `application` or `appeal`. Repeatable; the history is kept.
     *
     * @throws UnderstudyException
     */
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

    /**
     * Who feeds labels back, and whether they look.
     *
     * @throws UnderstudyException
     */
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
