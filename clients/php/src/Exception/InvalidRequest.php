<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 400, 413, 415, 422 and other 4xx: the request is wrong; `problem->errors` says where. */
final class InvalidRequest extends UnderstudyException
{
}
