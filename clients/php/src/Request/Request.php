<?php

declare(strict_types=1);

namespace Understudy\Client\Request;

use Understudy\Client\Internal\Read;

/**
 * What a call sends, with named and typed arguments. An array with the API's field names does as well, everywhere.
 * Fields that are not given are not sent.
 */
abstract class Request implements \JsonSerializable
{
    /** @var array<string, string> property to the API's name of the field */
    protected const FIELDS = [];

    /** @var list<string> properties whose null is sent */
    protected const NULLS = [];

    /** @var list<string> properties that are JSON objects, also when they are empty */
    protected const MAPS = [];

    /**
     * The request as the API takes it.
     *
     * @return array<string, mixed> with the API's names of the fields
     */
    final public function toArray(): array
    {
        $fields = [];
        foreach (static::FIELDS as $property => $name) {
            $value = $this->{$property};
            if ($value === Leave::Out || ($value === null && !\in_array($property, static::NULLS, true))) {
                continue;
            }
            $fields[$name] = $value === [] && \in_array($property, static::MAPS, true) ? new \stdClass() : self::plain($value);
        }

        return $fields;
    }

    /** Called by json_encode(). */
    final public function jsonSerialize(): mixed
    {
        $fields = $this->toArray();

        return $fields === [] ? new \stdClass() : $fields;
    }

    /**
     * A request as an array; an array as it is.
     *
     * @internal
     *
     * @param array<mixed>|self $request
     *
     * @return array<string, mixed>
     */
    final public static function fields(array|self $request): array
    {
        return $request instanceof self ? $request->toArray() : Read::object(array_map(self::plain(...), $request));
    }

    /**
     * A filter as what stands behind the question mark.
     *
     * @internal
     *
     * @param array<mixed>|self $filter
     *
     * @return array<string, string|int|float|bool|null>
     */
    final public static function query(array|self $filter): array
    {
        $query = [];
        foreach (self::fields($filter) as $name => $value) {
            if ($value !== null && !\is_scalar($value)) {
                throw new \InvalidArgumentException(sprintf('%s of a filter is a text, a number, a time or a boolean', $name));
            }
            $query[$name] = $value;
        }

        return $query;
    }

    private static function plain(mixed $value): mixed
    {
        return match (true) {
            $value instanceof self => $value->jsonSerialize(),
            $value instanceof \DateTimeInterface => \DateTimeImmutable::createFromInterface($value)
                ->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.v\Z'),
            \is_array($value) => array_map(self::plain(...), $value),
            default => $value,
        };
    }
}
