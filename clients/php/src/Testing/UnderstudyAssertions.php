<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

use PHPUnit\Framework\Assert;

/** Assertions of PHPUnit over a FakeUnderstudy. */
trait UnderstudyAssertions
{
    /**
     * The task got such an item.
     *
     * @param string|\Closure(RecordedPrediction): bool|null $item its text, or what it has to be like; null: any
     * @param int|null                                       $times null: at least once
     */
    public static function assertPredicted(
        FakeUnderstudy $understudy,
        string $task,
        string|\Closure|null $item = null,
        ?int $times = null,
    ): void {
        $all = $understudy->predictions($task);
        $found = array_filter($all, static fn (RecordedPrediction $one): bool => match (true) {
            $item === null => true,
            \is_string($item) => $one->text() === $item,
            default => $item($one),
        });
        $message = sprintf('task %s got %d such items among %d', $task, \count($found), \count($all));
        if ($times === null) {
            Assert::assertNotEmpty($found, $message);
        } else {
            Assert::assertCount($times, $found, $message);
        }
    }

    /** No item was to be decided, of this task or of any. */
    public static function assertNothingPredicted(FakeUnderstudy $understudy, ?string $task = null): void
    {
        Assert::assertCount(0, $understudy->predictions($task), 'nothing was to be decided');
    }

    /**
     * Such a request was made.
     *
     * @param (\Closure(RecordedRequest): bool)|null $request what it has to be like; null: any
     */
    public static function assertRequested(
        FakeUnderstudy $understudy,
        string $method,
        string $path,
        ?\Closure $request = null,
        ?int $times = null,
    ): void {
        $found = array_filter($understudy->requests(), static fn (RecordedRequest $one): bool
            => $one->method === $method && $one->path === $path && ($request === null || $request($one)));
        $message = sprintf('%s %s was asked %d times', $method, $path, \count($found));
        if ($times === null) {
            Assert::assertNotEmpty($found, $message);
        } else {
            Assert::assertCount($times, $found, $message);
        }
    }
}
