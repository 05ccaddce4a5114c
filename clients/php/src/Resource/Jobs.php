<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Job;
use Understudy\Client\Data\JobDecision;
use Understudy\Client\Data\JobQueues;
use Understudy\Client\Data\JobSummary;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\FollowedEvent;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\JobFilter;
use Understudy\Client\Request\JobRequest;
use Understudy\Client\Request\Request;

/** Decisions that do not have to be made at once. */
final class Jobs extends Resource
{
    /**
     * `$request`: `task` and `input` or `items`; also `external_id`, `callback_url`, `reply_to`, `not_before`,
     * `priority`.
     *
     * @param array<string, mixed>|JobRequest $request
     *
     * @throws UnderstudyException
     */
    public function create(array|JobRequest $request, ?CallOptions $options = null): JobSummary
    {
        $request = Request::fields($request);

        return $this->one(new Call(
            'jobs.create',
            'POST',
            '/v1/jobs',
            $options,
            json: $request,
            idempotent: true,
            task: \is_string($request['task'] ?? null) ? $request['task'] : null,
        ), JobSummary::fromArray(...));
    }

    /**
     * List jobs, newest first.
     *
     * @param array{status?: string, task?: string}|JobFilter $filter
     *
     * @return Listing<JobSummary>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(array|JobFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('jobs.list', '/v1/jobs', $filter, $page, JobSummary::fromArray(...));
    }

    /**
     * How many wait, by task.
     *
     * @throws UnderstudyException
     */
    public function queues(?CallOptions $options = null): JobQueues
    {
        return $this->one(new Call(
            'jobs.queues',
            'GET',
            '/v1/jobs/queues',
            $options,
        ), JobQueues::fromArray(...));
    }

    /**
     * With its decision, or one page of its decisions.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?int $limit = null, ?string $cursor = null, ?CallOptions $options = null): Job
    {
        return $this->one(new Call(
            'jobs.get',
            'GET',
            self::path('/v1/jobs/{id}', ['id' => $id]),
            $options,
            query: ['limit' => $limit, 'cursor' => $cursor],
        ), Job::fromArray(...));
    }

    /**
     * All items of a job with many, page by page.
     *
     * @return Listing<JobDecision>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function decisions(string $id, ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'jobs.decisions',
            self::path('/v1/jobs/{id}', ['id' => $id]),
            [],
            $page,
            JobDecision::fromArray(...),
            rows: 'decisions',
        );
    }

    /**
     * Cancel a job.
     *
     * @throws UnderstudyException
     */
    public function cancel(string $id, ?CallOptions $options = null): JobSummary
    {
        return $this->one(new Call(
            'jobs.cancel',
            'POST',
            self::path('/v1/jobs/{id}/cancel', ['id' => $id]),
            $options,
            idempotent: true,
        ), JobSummary::fromArray(...));
    }

    /**
     * The job now and after every change, until it is over.
     *
     * @param string|null $lastEventId skips the events up to this id
     *
     * @return \Generator<int, FollowedEvent<JobSummary>>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function events(string $id, ?string $lastEventId = null, ?CallOptions $options = null): \Generator
    {
        return $this->followAt(
            'jobs.events',
            self::path('/v1/jobs/{id}', ['id' => $id]),
            $lastEventId,
            $options,
            JobSummary::fromArray(...),
        );
    }

    /**
     * Waits until it is over. `$progress` is told of every change.
     *
     * @param (\Closure(JobSummary): mixed)|null $progress
     *
     * @throws UnderstudyException
     */
    public function wait(string $id, ?\Closure $progress = null, ?CallOptions $options = null): Job
    {
        foreach ($this->events($id, null, $options) as $event) {
            if ($progress !== null) {
                $progress($event->state);
            }
        }

        return $this->get($id, options: $options);
    }
}
