<?php

declare(strict_types=1);

namespace Understudy\Client;

/** How examples are imported. */
final class ImportOptions
{
    /**
     * @param string        $format     `ndjson`, `csv` or `json`: of what is given as text; rows go as NDJSON
     * @param string        $onInvalid  `reject`: nothing is stored if any row is bad; `skip`: bad rows are left out
     * @param string        $newLabels  `reject` or `add`: labels that the task lacks
     * @param bool          $gzip       compress on the way
     * @param (\Closure(int): mixed)|null $progress is told how many bytes were taken so far, before compression
     */
    public function __construct(
        public readonly string $format = 'ndjson',
        public readonly string $onInvalid = 'reject',
        public readonly string $newLabels = 'reject',
        public readonly bool $gzip = false,
        public readonly ?\Closure $progress = null,
        public readonly ?CallOptions $call = null,
    ) {
        if (!isset(self::CONTENT_TYPES[$format])) {
            throw new \InvalidArgumentException('format is ndjson, csv or json');
        }
        if (!\in_array($onInvalid, ['reject', 'skip'], true) || !\in_array($newLabels, ['reject', 'add'], true)) {
            throw new \InvalidArgumentException('onInvalid is reject or skip, newLabels is reject or add');
        }
        if ($gzip && !\function_exists('deflate_init')) {
            throw new \InvalidArgumentException('gzip needs the extension zlib');
        }
    }

    private const CONTENT_TYPES = ['ndjson' => 'application/x-ndjson', 'csv' => 'text/csv', 'json' => 'application/json'];

    /** The media type of the format. */
    public function contentType(): string
    {
        return self::CONTENT_TYPES[$this->format];
    }
}
