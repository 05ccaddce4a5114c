<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Alias;
use Understudy\Client\Data\AliasHistory;
use Understudy\Client\Data\Model;
use Understudy\Client\Data\ModelVersion;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** Models, their versions, and the aliases that say which one answers. */
final class Models extends Resource
{
    /**
     * All of them, page after page.
     *
     * @return Listing<Model>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('models.list', '/v1/models', [], $page, Model::fromArray(...));
    }

    /**
     * One of them.
     *
     * @throws UnderstudyException
     */
    public function get(string $model, ?CallOptions $options = null): Model
    {
        return $this->one(new Call(
            'models.get',
            'GET',
            self::path('/v1/models/{model}', ['model' => $model]),
            $options,
        ), Model::fromArray(...));
    }

    /**
     * Its versions, newest first.
     *
     *  @return Listing<ModelVersion>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function versions(string $model, ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'models.versions',
            self::path('/v1/models/{model}/versions', ['model' => $model]),
            [],
            $page,
            ModelVersion::fromArray(...),
        );
    }

    /**
     * One version, with its metrics and where it comes from.
     *
     * @throws UnderstudyException
     */
    public function version(string $model, string $version, ?CallOptions $options = null): ModelVersion
    {
        return $this->one(new Call(
            'models.version',
            'GET',
            self::path('/v1/models/{model}/versions/{version}', ['model' => $model, 'version' => $version]),
            $options,
        ), ModelVersion::fromArray(...));
    }

    /**
     * Who moved which alias when.
     *
     * @throws UnderstudyException
     */
    public function aliasHistory(string $model, ?CallOptions $options = null): AliasHistory
    {
        return $this->one(new Call(
            'models.alias_history',
            'GET',
            self::path('/v1/models/{model}/aliases', ['model' => $model]),
            $options,
        ), AliasHistory::fromArray(...));
    }

    /**
     * `champion` is the version that answers.
     *
     * @throws UnderstudyException
     */
    public function setAlias(
        string $model,
        string $alias,
        string $version,
        ?string $reason = null,
        ?CallOptions $options = null,
    ): Alias {
        return $this->one(new Call(
            'models.set_alias',
            'PUT',
            self::path('/v1/models/{model}/aliases/{alias}', ['model' => $model, 'alias' => $alias]),
            $options,
            json: self::present(['version' => $version, 'reason' => $reason]),
        ), Alias::fromArray(...));
    }

    /**
     * Takes the alias away; the version stays.
     *
     * @throws UnderstudyException
     */
    public function removeAlias(string $model, string $alias, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'models.remove_alias',
            'DELETE',
            self::path('/v1/models/{model}/aliases/{alias}', ['model' => $model, 'alias' => $alias]),
            $options,
        ));
    }
}
