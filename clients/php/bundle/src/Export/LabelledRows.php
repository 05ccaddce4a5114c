<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Export;

/**
 * Rows of a table as training examples, page after page by the key: memory does not grow with the table, also where a
 * driver would fetch whole results, and no transaction stays open. Rows that are added meanwhile are taken along.
 */
final class LabelledRows
{
    public int $read = 0;

    /** Rows without a text or a label. */
    public int $unlabelled = 0;

    /** Rows with a label that the map does not have. */
    public int $unmapped = 0;

    /**
     * @param \Closure(string $sql, list<mixed> $parameters): iterable<array<string, mixed>> $query  rows by column
     * @param \Closure(string): string                                                      $quote  an identifier
     * @param string                                                                        $id     unique and ordered
     * @param array<string, string>                                                         $labels by value in the table; empty: the values are the labels
     * @param string|null                                                                   $where  SQL
     */
    public function __construct(
        private readonly \Closure $query,
        private readonly \Closure $quote,
        private readonly string $table,
        private readonly string $text,
        private readonly string $label,
        private readonly string $id,
        private readonly ?string $subject = null,
        private readonly ?string $occurredAt = null,
        private readonly array $labels = [],
        private readonly ?string $where = null,
        private readonly int $page = 2000,
    ) {
        foreach (array_filter([$table, $text, $label, $id, $subject, $occurredAt]) as $name) {
            if (preg_match('/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/', $name) !== 1) {
                throw new \InvalidArgumentException(sprintf('"%s" is no name of a table or column.', $name));
            }
        }
    }

    /** @return \Generator<int, array<string, mixed>> rows as Examples::import() takes them */
    public function examples(): \Generator
    {
        $this->read = $this->unlabelled = $this->unmapped = 0;
        $columns = ['x_id' => $this->id, 'x_text' => $this->text, 'x_label' => $this->label, 'x_subject' => $this->subject, 'x_at' => $this->occurredAt];
        $select = [];
        foreach (array_filter($columns) as $alias => $column) {
            $select[] = $this->name($column) . ' AS ' . $alias;
        }
        $id = $this->name($this->id);
        $where = $this->where === null ? '' : '(' . $this->where . ')';
        $last = null;
        do {
            $conditions = array_filter([$where, $last === null ? '' : $id . ' > ?']);
            $sql = sprintf(
                'SELECT %s FROM %s%s ORDER BY %s LIMIT %d',
                implode(', ', $select),
                $this->name($this->table),
                $conditions === [] ? '' : ' WHERE ' . implode(' AND ', $conditions),
                $id,
                $this->page,
            );
            $rows = 0;
            foreach (($this->query)($sql, $last === null ? [] : [$last]) as $row) {
                ++$rows;
                ++$this->read;
                $last = $row['x_id'];
                $example = $this->example($row);
                if ($example !== null) {
                    yield $example;
                }
            }
        } while ($rows === $this->page);
    }

    /**
     * @param array<string, mixed> $row
     *
     * @return array<string, mixed>|null
     */
    private function example(array $row): ?array
    {
        $text = $row['x_text'];
        $label = $row['x_label'];
        if ($text === null || $text === '' || $label === null || $label === '') {
            ++$this->unlabelled;

            return null;
        }
        $label = \is_bool($label) ? ($label ? 'true' : 'false') : (string) $label;
        if ($this->labels !== []) {
            if (!isset($this->labels[$label])) {
                ++$this->unmapped;

                return null;
            }
            $label = $this->labels[$label];
        }
        $example = ['input' => ['text' => (string) $text], 'label' => $label, 'external_id' => (string) $row['x_id']];
        if (isset($row['x_subject']) && $row['x_subject'] !== '') {
            $example['subject'] = (string) $row['x_subject'];
        }
        if (isset($row['x_at'])) {
            $example['occurred_at'] = $this->time((string) $row['x_at']);
        }

        return $example;
    }

    private function time(string $value): string
    {
        try {
            $at = ctype_digit($value) ? new \DateTimeImmutable('@' . $value) : new \DateTimeImmutable($value, new \DateTimeZone('UTC'));
        } catch (\Exception) {
            throw new \InvalidArgumentException(sprintf('The column "%s" holds "%s", which is no time.', $this->occurredAt, $value));
        }

        return $at->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z');
    }

    private function name(string $name): string
    {
        return implode('.', array_map($this->quote, explode('.', $name)));
    }
}
