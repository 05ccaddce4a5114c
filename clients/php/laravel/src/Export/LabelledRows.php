<?php

declare(strict_types=1);

namespace Understudy\Laravel\Export;

use Illuminate\Database\Eloquent\Builder as EloquentBuilder;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Query\Builder;
use Understudy\Client\Data\ImportResponse;
use Understudy\Client\ImportOptions;
use Understudy\Client\Understudy;

/**
 * Rows of a query as training examples, page after page by the key: memory does not grow with the table, and no
 * transaction stays open. Rows that are added meanwhile are taken along. Eloquent's scopes, casts and accessors count.
 *
 *     $rows = new LabelledRows(Comment::query()->where('reviewed', true), text: 'body', label: 'status', labels: ['approved' => 'ok']);
 *     $rows->import($understudy, 'comment-moderation');
 */
final class LabelledRows
{
    public int $read = 0;

    /** Rows without a text or a label. */
    public int $unlabelled = 0;

    /** Rows with a label that the map does not have. */
    public int $unmapped = 0;

    private readonly string $id;

    /**
     * @param EloquentBuilder<Model>|Builder $query      without an order of its own: rows come by the key
     * @param string                         $text       column or attribute with the text
     * @param string                         $label      column or attribute with the label; also a backed enum
     * @param string|null                    $id         unique and ordered; null: the model's key, or `id`
     * @param string|null                    $subject    column or attribute with whom the text is about
     * @param string|null                    $occurredAt column or attribute with the time; without a zone it is UTC
     * @param array<string, string>          $labels     by value in the table; empty: the values are the labels
     * @param int                            $page       rows read at a time
     */
    public function __construct(
        private readonly EloquentBuilder|Builder $query,
        private readonly string $text,
        private readonly string $label,
        ?string $id = null,
        private readonly ?string $subject = null,
        private readonly ?string $occurredAt = null,
        private readonly array $labels = [],
        private readonly int $page = 2000,
    ) {
        if ($page < 1) {
            throw new \InvalidArgumentException('A page has at least 1 row.');
        }
        $this->id = $id ?? ($query instanceof EloquentBuilder ? $query->getModel()->getKeyName() : 'id');
    }

    /** @return \Generator<int, array<string, mixed>> rows as Examples::import() takes them; each call starts anew */
    public function examples(): \Generator
    {
        $this->read = $this->unlabelled = $this->unmapped = 0;
        $base = $this->query instanceof EloquentBuilder ? $this->query->getQuery() : $this->query;
        $column = $this->query instanceof EloquentBuilder ? $this->query->getModel()->qualifyColumn($this->id) : $this->id;
        if (($base->orders ?? []) !== [] || $base->limit !== null) {
            throw new \InvalidArgumentException('The query has an order or a limit of its own: rows are read by their key.');
        }
        foreach ((clone $this->query)->lazyById($this->page, $column, $this->id) as $row) {
            ++$this->read;
            $example = $this->example($row);
            if ($example !== null) {
                yield $example;
            }
        }
    }

    /** Sends them, streamed. A broken connection is repeated from the first row. */
    public function import(Understudy $understudy, string $task, ?ImportOptions $options = null): ImportResponse
    {
        return $understudy->examples()->import($task, fn (): iterable => $this->examples(), $options);
    }

    /** @return array<string, mixed>|null */
    private function example(object $row): ?array
    {
        $text = self::text($row->{$this->text} ?? null);
        $label = self::text($row->{$this->label} ?? null);
        if ($text === '' || $label === '') {
            ++$this->unlabelled;

            return null;
        }
        if ($this->labels !== []) {
            if (!isset($this->labels[$label])) {
                ++$this->unmapped;

                return null;
            }
            $label = $this->labels[$label];
        }
        $example = ['input' => ['text' => $text], 'label' => $label, 'external_id' => self::text($row->{$this->id})];
        if ($this->subject !== null && self::text($row->{$this->subject} ?? null) !== '') {
            $example['subject'] = self::text($row->{$this->subject});
        }
        if ($this->occurredAt !== null && ($row->{$this->occurredAt} ?? null) !== null) {
            $example['occurred_at'] = $this->time($row->{$this->occurredAt});
        }

        return $example;
    }

    private static function text(mixed $value): string
    {
        return match (true) {
            $value === null => '',
            \is_bool($value) => $value ? 'true' : 'false',
            $value instanceof \BackedEnum => (string) $value->value,
            \is_scalar($value), $value instanceof \Stringable => (string) $value,
            default => throw new \InvalidArgumentException(sprintf('A text, label, key or subject is %s, which is no text.', get_debug_type($value))),
        };
    }

    private function time(mixed $value): string
    {
        try {
            $at = match (true) {
                $value instanceof \DateTimeInterface => \DateTimeImmutable::createFromInterface($value),
                \is_int($value) || ctype_digit((string) $value) => new \DateTimeImmutable('@' . $value),
                default => new \DateTimeImmutable((string) $value, new \DateTimeZone('UTC')),
            };
        } catch (\Exception) {
            throw new \InvalidArgumentException(sprintf('The column "%s" holds what is no time.', $this->occurredAt));
        }

        return $at->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z');
    }
}
