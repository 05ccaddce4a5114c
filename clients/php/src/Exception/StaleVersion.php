<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 412: somebody else changed it first (`If-Match`), or it exists already (`If-None-Match: *`). */
final class StaleVersion extends Conflict
{
}
