<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Explanation;
use Understudy\Client\Data\ReviewAgreement;
use Understudy\Client\Data\ReviewClaim;
use Understudy\Client\Data\ReviewClaims;
use Understudy\Client\Data\ReviewGold;
use Understudy\Client\Data\ReviewItem;
use Understudy\Client\Data\ReviewItemState;
use Understudy\Client\Data\ReviewQueues;
use Understudy\Client\Data\ReviewReviewers;
use Understudy\Client\Data\ReviewVerdict;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\ReviewClaimRequest;
use Understudy\Client\Request\ReviewFilter;
use Understudy\Client\Request\ReviewGoldFilter;
use Understudy\Client\Request\ReviewGoldRequest;
use Understudy\Client\Request\ReviewHandback;
use Understudy\Client\Request\ReviewVerdictRequest;

/** What people decide. */
final class Review extends Resource
{
    /**
     * How much waits, by task.
     *
     * @throws UnderstudyException
     */
    public function queues(?string $task = null, ?CallOptions $options = null): ReviewQueues
    {
        return $this->one(new Call(
            'review.queues',
            'GET',
            '/v1/review/queues',
            $options,
            query: ['task' => $task],
            task: $task,
        ), ReviewQueues::fromArray(...));
    }

    /**
     * Takes items under a lease. `$request`: `task`, `limit`. Repeated without a key, it may take others.
     *
     * @param array<string, mixed>|ReviewClaimRequest $request
     *
     * @throws UnderstudyException
     */
    public function claim(array|ReviewClaimRequest $request = [], ?CallOptions $options = null): ReviewClaims
    {
        $request = Request::fields($request);

        return $this->one(new Call(
            'review.claim',
            'POST',
            '/v1/review/claims',
            $options,
            json: $request,
            idempotent: $options?->idempotencyKey !== null,
        ), ReviewClaims::fromArray(...));
    }

    /**
     * What this principal holds.
     *
     * @throws UnderstudyException
     */
    public function claims(?CallOptions $options = null): ReviewClaims
    {
        return $this->one(new Call(
            'review.claims',
            'GET',
            '/v1/review/claims',
            $options,
        ), ReviewClaims::fromArray(...));
    }

    /**
     * `$verdict`: `claim_token`, `label`, and `seconds`, `note`.
     *
     * @param array<string, mixed>|ReviewVerdictRequest $verdict
     *
     * @throws UnderstudyException
     */
    public function verdict(string $item, array|ReviewVerdictRequest $verdict, ?CallOptions $options = null): ReviewVerdict
    {
        $verdict = Request::fields($verdict);

        return $this->one(new Call(
            'review.verdict',
            'POST',
            self::path('/v1/review/items/{item}/verdict', ['item' => $item]),
            $options,
            json: $verdict,
            idempotent: true,
        ), ReviewVerdict::fromArray(...));
    }

    /**
     * `$handback`: `claim_token`.
     *
     * @param array<string, mixed>|ReviewHandback $handback
     *
     * @throws UnderstudyException
     */
    public function skip(string $item, array|ReviewHandback $handback, ?CallOptions $options = null): ReviewItemState
    {
        $handback = Request::fields($handback);

        return $this->one(new Call(
            'review.skip',
            'POST',
            self::path('/v1/review/items/{item}/skip', ['item' => $item]),
            $options,
            json: $handback,
            idempotent: true,
        ), ReviewItemState::fromArray(...));
    }

    /**
     * `$handback`: `claim_token`.
     *
     * @param array<string, mixed>|ReviewHandback $handback
     *
     * @throws UnderstudyException
     */
    public function release(string $item, array|ReviewHandback $handback, ?CallOptions $options = null): ReviewItemState
    {
        $handback = Request::fields($handback);

        return $this->one(new Call(
            'review.release',
            'POST',
            self::path('/v1/review/items/{item}/release', ['item' => $item]),
            $options,
            json: $handback,
            idempotent: true,
        ), ReviewItemState::fromArray(...));
    }

    /**
     * `$handback`: `claim_token`, `note`.
     *
     * @param array<string, mixed>|ReviewHandback $handback
     *
     * @throws UnderstudyException
     */
    public function escalate(string $item, array|ReviewHandback $handback, ?CallOptions $options = null): ReviewItemState
    {
        $handback = Request::fields($handback);

        return $this->one(new Call(
            'review.escalate',
            'POST',
            self::path('/v1/review/items/{item}/escalate', ['item' => $item]),
            $options,
            json: $handback,
            idempotent: true,
        ), ReviewItemState::fromArray(...));
    }

    /**
     * Takes the last verdict back.
     *
     * @param array<string, mixed>|ReviewHandback $handback
     *
     * @throws UnderstudyException
     */
    public function undo(string $item, array|ReviewHandback $handback, ?CallOptions $options = null): ReviewClaim
    {
        $handback = Request::fields($handback);

        return $this->one(new Call(
            'review.undo',
            'POST',
            self::path('/v1/review/items/{item}/undo', ['item' => $item]),
            $options,
            json: $handback,
            idempotent: true,
        ), ReviewClaim::fromArray(...));
    }

    /**
     * For leads.
     *
     * @param array{task?: string, status?: string, kind?: string}|ReviewFilter $filter
     *
     * @return Listing<ReviewItem>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function items(array|ReviewFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('review.items', '/v1/review/items', $filter, $page, ReviewItem::fromArray(...));
    }

    /**
     * Read an item.
     *
     * @throws UnderstudyException
     */
    public function item(string $item, ?CallOptions $options = null): ReviewItem
    {
        return $this->one(new Call(
            'review.item',
            'GET',
            self::path('/v1/review/items/{item}', ['item' => $item]),
            $options,
        ), ReviewItem::fromArray(...));
    }

    /**
     * What moved the model, after the own verdict.
     *
     * @throws UnderstudyException
     */
    public function explanation(string $item, ?CallOptions $options = null): Explanation
    {
        return $this->one(new Call(
            'review.explanation',
            'GET',
            self::path('/v1/review/items/{item}/explanation', ['item' => $item]),
            $options,
        ), Explanation::fromArray(...));
    }

    /**
     * Each reviewer’s figures.
     *
     * @throws UnderstudyException
     */
    public function reviewers(?string $task = null, ?CallOptions $options = null): ReviewReviewers
    {
        return $this->one(new Call(
            'review.reviewers',
            'GET',
            '/v1/review/reviewers',
            $options,
            query: ['task' => $task],
            task: $task,
        ), ReviewReviewers::fromArray(...));
    }

    /**
     * How far reviewers of a task agree.
     *
     * @throws UnderstudyException
     */
    public function agreement(string $task, ?CallOptions $options = null): ReviewAgreement
    {
        return $this->one(new Call(
            'review.agreement',
            'GET',
            '/v1/review/agreement',
            $options,
            query: ['task' => $task],
            task: $task,
        ), ReviewAgreement::fromArray(...));
    }

    /**
     * Items whose label is known.
     *
     * @param array{task?: string}|ReviewGoldFilter $filter
     *
     * @return Listing<ReviewGold>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function gold(array|ReviewGoldFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('review.gold', '/v1/review/gold', $filter, $page, ReviewGold::fromArray(...));
    }

    /**
     * Say what is right for a decision, to test reviewers with it.
     *
     * @param array<string, mixed>|ReviewGoldRequest $gold
     *
     * @throws UnderstudyException
     */
    public function addGold(array|ReviewGoldRequest $gold, ?CallOptions $options = null): ReviewGold
    {
        $gold = Request::fields($gold);

        return $this->one(new Call(
            'review.add_gold',
            'POST',
            '/v1/review/gold',
            $options,
            json: $gold,
            idempotent: true,
        ), ReviewGold::fromArray(...));
    }

    /**
     * Stop testing with an item.
     *
     * @throws UnderstudyException
     */
    public function removeGold(string $id, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'review.remove_gold',
            'DELETE',
            self::path('/v1/review/gold/{id}', ['id' => $id]),
            $options,
        ));
    }
}
