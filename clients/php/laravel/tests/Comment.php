<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Database\Eloquent\Builder;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\SoftDeletes;

/** A model of an application. */
final class Comment extends Model
{
    use SoftDeletes;

    public $timestamps = false;

    protected $table = 'comments';

    protected $casts = ['created_at' => 'datetime'];

    public function scopeApproved(Builder $query): Builder
    {
        return $query->where('status', 'approved');
    }
}
