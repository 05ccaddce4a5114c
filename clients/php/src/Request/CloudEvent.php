<?php

declare(strict_types=1);

namespace Understudy\Client\Request;

/** A CloudEvent 1.0 for Events::send(). Sent again, one with the same `source` and `id` is not taken twice. */
final class CloudEvent extends Request
{
    protected const FIELDS = [
        'specversion' => 'specversion', 'id' => 'id', 'source' => 'source', 'type' => 'type', 'data' => 'data',
        'subject' => 'subject', 'time' => 'time', 'datacontenttype' => 'datacontenttype',
    ];

    protected const NULLS = ['data'];

    /**
     * @param string                         $id              unique within the source
     * @param string                         $source          where it happened, e.g. `/forum/comments`
     * @param string                         $type            what happened, e.g. `comment.created`
     * @param mixed                          $data            what the source's mapping reads
     * @param string|null                    $subject         what it happened to
     * @param \DateTimeInterface|string|null $time            when; a text is RFC 3339
     * @param string|null                    $datacontenttype absent = JSON
     */
    public function __construct(
        public readonly string $id,
        public readonly string $source,
        public readonly string $type,
        public readonly mixed $data,
        public readonly ?string $subject = null,
        public readonly \DateTimeInterface|string|null $time = null,
        public readonly ?string $datacontenttype = null,
        public readonly string $specversion = '1.0',
    ) {
    }
}
