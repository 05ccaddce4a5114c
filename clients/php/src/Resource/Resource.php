<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Download;
use Understudy\Client\FollowedEvent;
use Understudy\Client\Http\Answer;
use Understudy\Client\Http\Call;
use Understudy\Client\Http\Follower;
use Understudy\Client\Http\Sender;
use Understudy\Client\Internal\Check;
use Understudy\Client\Internal\Read;
use Understudy\Client\Listing;
use Understudy\Client\Page;
use Understudy\Client\PageOptions;
use Understudy\Client\Record;
use Understudy\Client\Versioned;

/** What the resources of the API have in common. */
abstract class Resource
{
    /** Seconds in which nothing comes before a long stream is given up. */
    protected const LONGEST_SILENCE = 120.0;

    /** @internal use the client's methods */
    final public function __construct(protected readonly Sender $sender)
    {
    }

    /** @param array<string, string> $values a `{name}` of the path to its value */
    protected static function path(string $pattern, array $values): string
    {
        foreach ($values as $name => $value) {
            $pattern = str_replace('{' . $name . '}', Check::segment($value, $name), $pattern);
        }

        return $pattern;
    }

    /**
     * @param array<string, string|null> $fields
     *
     * @return array<string, string>
     */
    protected static function present(array $fields): array
    {
        return array_filter($fields, static fn (?string $value): bool => $value !== null);
    }

    /** @return array<string, string> */
    protected static function condition(?string $ifMatch, bool $createOnly = false): array
    {
        if ($ifMatch !== null && preg_match('/^[\x21-\x7e]+$/D', $ifMatch) !== 1) {
            throw new \InvalidArgumentException('ifMatch is an ETag as the server gave it');
        }

        return ($ifMatch === null ? [] : ['if-match' => $ifMatch]) + ($createOnly ? ['if-none-match' => '*'] : []);
    }

    /**
     * @template T of Record
     *
     * @param \Closure(array<mixed>): T $read
     *
     * @return T
     */
    protected function one(Call $call, \Closure $read): Record
    {
        return $this->sender->call($call, static fn (Answer $answer): Record => $read($answer->json()));
    }

    /**
     * @template T of Record
     *
     * @param \Closure(array<mixed>): T $read
     *
     * @return Versioned<T>
     */
    protected function versioned(Call $call, \Closure $read): Versioned
    {
        return $this->sender->call($call, static fn (Answer $answer): Versioned
            => new Versioned($read($answer->json()), $answer->reply->header('etag') ?? ''));
    }

    protected function nothing(Call $call): void
    {
        $this->sender->call($call, static fn (Answer $answer): string => $answer->body());
    }

    /**
     * @template T
     *
     * @param array<string, string|int|float|bool|null> $query
     * @param \Closure(array<mixed>): T                 $read
     *
     * @return Listing<T>
     */
    protected function listing(
        string $operation,
        string $path,
        array $query,
        ?PageOptions $page,
        \Closure $read,
        ?string $task = null,
        string $rows = 'data',
    ): Listing {
        $load = function (?string $cursor) use ($operation, $path, $query, $page, $read, $task, $rows): Page {
            $query = $query + ['limit' => $page?->limit, 'cursor' => $cursor];
            $call = new Call($operation, 'GET', $path, $page?->call, query: $query, task: $task);

            return $this->sender->call($call, static function (Answer $answer) use ($read, $rows): Page {
                $body = $answer->json();
                if (!\is_array($body[$rows] ?? ($rows === 'data' ? null : []))) {
                    throw $answer->malformed('something that is no list');
                }
                $data = array_map(
                    static fn (mixed $row): mixed => $read(Read::object($row)),
                    Read::list($body[$rows] ?? null),
                );

                return new Page($data, Read::nullableString($body['next_cursor'] ?? null));
            });
        };

        return new Listing($load, $page?->cursor);
    }

    protected function streamed(Call $call): Download
    {
        \assert($call->stream);

        return new Download($this->sender->call($call, static fn (Answer $answer): \Generator
            => $answer->pieces($call->accept)));
    }

    /**
     * @template T of Record
     *
     * @param \Closure(array<mixed>): T $read
     *
     * @return \Generator<int, FollowedEvent<T>>
     */
    protected function followAt(
        string $operation,
        string $path,
        ?string $lastEventId,
        ?CallOptions $options,
        \Closure $read,
    ): \Generator {
        return (new Follower($this->sender))->follow($operation, $path, $lastEventId, $options, $read);
    }
}
