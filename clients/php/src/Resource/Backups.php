<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Download;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;

/** Operators only. */
final class Backups extends Resource
{
    /**
     * Everything, as one gzip archive. Keep it like a password.
     *
     * @throws UnderstudyException
     */
    public function download(?CallOptions $options = null): Download
    {
        return $this->streamed(new Call(
            'backups.download',
            'GET',
            '/v1/backup',
            $options,
            accept: '*/*',
            timeout: self::LONGEST_SILENCE,
            total: INF,
            stream: true,
        ));
    }
}
