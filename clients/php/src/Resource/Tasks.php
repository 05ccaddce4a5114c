<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Task;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\TaskDefinition;
use Understudy\Client\Versioned;

/** Tasks: what is decided, with which labels, and how much error it may have. */
final class Tasks extends Resource
{
    /**
     * Creates the task or replaces its definition.
     *
     * @param array<string, mixed>|TaskDefinition $definition
     *
     * @throws UnderstudyException
     */
    public function put(
        string $task,
        array|TaskDefinition $definition,
        ?string $ifMatch = null,
        bool $createOnly = false,
        ?CallOptions $options = null,
    ): Task {
        $definition = Request::fields($definition);

        return $this->one(new Call(
            'tasks.put',
            'PUT',
            self::path('/v1/tasks/{task}', ['task' => $task]),
            $options,
            json: $definition,
            headers: self::condition($ifMatch, $createOnly),
            task: $task,
        ), Task::fromArray(...));
    }

    /**
     * Read a task.
     *
     * @throws UnderstudyException
     */
    public function get(string $task, ?CallOptions $options = null): Task
    {
        return $this->one(new Call(
            'tasks.get',
            'GET',
            self::path('/v1/tasks/{task}', ['task' => $task]),
            $options,
            task: $task,
        ), Task::fromArray(...));
    }

    /**
     * With its version, for put() and delete().
     *
     * @return Versioned<Task>
     *
     * @throws UnderstudyException
     */
    public function getWithEtag(string $task, ?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'tasks.get',
            'GET',
            self::path('/v1/tasks/{task}', ['task' => $task]),
            $options,
            task: $task,
        ), Task::fromArray(...));
    }

    /**
     * List tasks.
     *
     * @return Listing<Task>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('tasks.list', '/v1/tasks', [], $page, Task::fromArray(...));
    }

    /**
     * Delete a task; its decisions stay.
     *
     * @throws UnderstudyException
     */
    public function delete(string $task, ?string $ifMatch = null, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'tasks.delete',
            'DELETE',
            self::path('/v1/tasks/{task}', ['task' => $task]),
            $options,
            headers: self::condition($ifMatch),
            task: $task,
        ));
    }
}
