<?php

declare(strict_types=1);

namespace Understudy\Client;

use Understudy\Client\Internal\Read;

/** An RFC 9457 problem document. `code` is stable; docs/reference/errors.md lists all. */
final class Problem
{
    /**
     * @param string                                                       $code      stable
     * @param list<array{pointer: string, code: string, detail: string}> $errors    of an invalid body
     * @param string|null                                                  $requestId to find the request in the server's log
     */
    public function __construct(
        public readonly string $type,
        public readonly string $title,
        public readonly int $status,
        public readonly string $code,
        public readonly string $detail,
        public readonly array $errors = [],
        public readonly ?string $requestId = null,
    ) {
    }

    /** Tolerant: what is missing or of another type is left empty. */
    public static function fromArray(mixed $data, int $status, ?string $requestId): self
    {
        $data = \is_array($data) ? $data : [];
        $errors = [];
        foreach (\is_array($data['errors'] ?? null) ? $data['errors'] : [] as $error) {
            if (\is_array($error)) {
                $errors[] = [
                    'pointer' => Read::string($error['pointer'] ?? null),
                    'code' => Read::string($error['code'] ?? null),
                    'detail' => Read::string($error['detail'] ?? null),
                ];
            }
        }
        $code = Read::string($data['code'] ?? null);
        $title = Read::string($data['title'] ?? null);

        return new self(
            Read::string($data['type'] ?? null, 'about:blank'),
            $title,
            $status,
            $code === '' ? 'http_' . $status : $code,
            Read::string($data['detail'] ?? null, $title === '' ? 'the server answered ' . $status : $title),
            $errors,
            Read::nullableString($data['request_id'] ?? null) ?? $requestId,
        );
    }
}
